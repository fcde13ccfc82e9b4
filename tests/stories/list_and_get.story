What can be seen is listed; one item is shown with its secrets masked.

$ mysafe-env list password
1> IDENTIFIER  NAME             URL                            USERNAME      TAGS       ACCESS
1> 1           orders database  db.orders.example.test         orders_app    orders-db  view, edit
1> 2           registry robot   https://registry.example.test  robot$orders  registry   view, edit
1> 3           accounting                                      ledger        finance    no view, edit

$ mysafe-env list secretapi --tag orders-prod
1> IDENTIFIER  NAME                  ACCESS
1> 3           Orders mail           view, edit
1> 4           Orders parcel labels  view, edit

$ mysafe-env list secretapi --name 'Stripe test' --json
1> [
1>   {
1>     "identifier": "2",
1>     "name": "Stripe test",
1>     "can_view": true,
1>     "can_write": true,
1>     "need_justify": false,
1>     "need_approval": false
1>   }
1> ]

$ mysafe-env list note --url x
2> mysafe-env: error: a note can't be listed by --url
2> mysafe-env: hint: it can by --tag, --name
? 2

$ mysafe-env list notes
2> mysafe-env: error: there is no kind "notes"
2> mysafe-env: hint: did you mean "note"?
? 2

$ mysafe-env get password 1
1> identifier  1
1> name        orders database
1> url         db.orders.example.test
1> username    orders_app
1> password    ********
1> secret_key
1> token
1> notes       rotates on the first of the month
1> tags        orders-db

$ mysafe-env get secretapi 1 --reveal --json
1> {
1>   "identifier": "1",
1>   "name": "Stripe live",
1>   "url": "https://api.stripe.example",
1>   "client_id": "acct_demo_live_0001",
1>   "client_secret": "sk_demo_live_not_a_real_key",
1>   "identifier_code": "stripe-live",
1>   "method": "post",
1>   "tags": "payments",
1>   "notes": ...
1> }

$ mysafe-env get password 1 --field password
1> it's "made up": $HOME, a/b@c % #1

$ mysafe-env get password 1 --field token
2> mysafe-env: error: password 1 has no token, it is empty in MySafe
? 1

$ mysafe-env get password 1 --field pasword
2> mysafe-env: error: a password has no field "pasword"
2> mysafe-env: hint: did you mean "password"?
? 2

$ mysafe-env get password 3
2> mysafe-env: error: the access key may not read password 3 (MySafe: 1006: User does not have access)
2> mysafe-env: hint: ...
? 1

$ mysafe-env get note 99
2> mysafe-env: error: there is no note with identifier 99 (MySafe: 1005: Note not found)
2> mysafe-env: hint: ...
? 1

$ mysafe-env get note abc
2> mysafe-env: error: "abc" is not an identifier of a note (MySafe: 1010: Unexpected identifier type)
2> mysafe-env: hint: ...
? 1
