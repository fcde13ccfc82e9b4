Items are created, changed, deactivated and activated; their secrets never stand on a command line.

$ printf 'made up\n' | mysafe-env create password --name "mail db" --username mailer --tags "mail, prod" --password-stdin
1> identifier      4
1> name            mail db
1> url
1> username        mailer
1> password        ********
1> notes
1> tags            mail, prod
1> users_allowed
1> groups_allowed

$ mysafe-env get password 4 --field password
1> made up

$ mysafe-env create secretapi --name Parcel --url https://p.test --client-id id --identifier-code parcel --generate --json
1> {
1>   "identifier": "5",
1>   "name": "Parcel",
1>   "url": "https://p.test",
1>   "client_id": "id",
1>   "client_secret": "********",
1>   "identifier_code": "parcel",
1> ...

$ mysafe-env create password --name "mail db" --username mailer --password hunter2
2> mysafe-env: error: --password takes no value: what stands on a command line is seen by other users and kept by the shell
2> mysafe-env: hint: use --password-file, --password-stdin or --password-prompt; if what you typed is in use, change it
? 2

$ mysafe-env create password --name "mail db" --username mailer
2> mysafe-env: error: the password is missing, and there is no terminal to ask for it
2> mysafe-env: hint: use --password-file or --password-stdin
? 2

$ mysafe-env create secretapi --name S --url u --client-id c --identifier-code stripe-live
2> mysafe-env: error: the identifier_code "stripe-live" is taken (MySafe: 1001: Identifier already found in another API key of this user): secretapi 1 "Stripe live" has it
2> mysafe-env: hint: choose another; see who has it with: mysafe-env list secretapi --identifier-code "stripe-live"
? 1

$ mysafe-env update note 2 --allow-user bob --json
1> {
1>   "identifier": "2",
1>   "name": "orders runbook",
1>   "tags": "orders",
1>   "users_allowed": [
1>     {
1>       "username": "ana.dev",
1>       "can_edit": true
1>     },
1>     {
1>       "username": "bob",
1>       "can_edit": false
1>     }
1>   ],
1>   "groups_allowed": [
1>     {
1>       "name": "Platform team",
1>       "can_edit": false
1>     }
1>   ],
1>   "shared_error": []
1> }

$ mysafe-env update note 2
2> mysafe-env: error: nothing is to be changed
2> mysafe-env: hint: name a field, such as --tags; see mysafe-env update --help
? 2

$ head -c 901 /dev/zero | tr '\0' x | mysafe-env update note 2 --note-stdin
2> mysafe-env: error: the note has 901 characters, and MySafe takes 900
2> mysafe-env: hint: shorten or split it, or keep it as a password: that has no limit
? 2

$ mysafe-env deactivate secretapi 1
1> secretapi 1 is inactive now

$ mysafe-env get secretapi 1
2> mysafe-env: error: secretapi 1 is deactivated (MySafe: 1009: Inactive api secret)
2> mysafe-env: hint: activate it first: mysafe-env activate secretapi 1
? 1

$ mysafe-env activate secretapi 1
1> secretapi 1 is active now

$ mysafe-env activate secretapi 1 --json
1> {
1>   "identifier": "1",
1>   "active": true
1> }

$ mysafe-env activate password 99
2> mysafe-env: error: there is no password with identifier 99 (MySafe: 1005: Password not found)
2> mysafe-env: hint: see what this access key can read with: mysafe-env list password
? 1
