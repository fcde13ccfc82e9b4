If one required value can't be had, nothing starts, and everything that can't be had is told.

-- mysafe.toml --
[env]
GOOD      = "mysafe://secretapi/stripe-live"
TYPO      = "mysafe://secretapi/stripe-life"
TYPO_ID   = "mysafe://secretapi/stripe-life#client_id"
NO_ACCESS = { kind = "password", name = "accounting" }
INACTIVE  = { kind = "note", name = "old gateway token", optional = true }
TWO       = { kind = "secretapi", tag = "orders-prod" }
NULL      = { kind = "password", tag = "orders-db", field = "secret_key" }
NUMBER    = { kind = "note", identifier = 77 }
FOLLOWS   = { template = "x{{ TYPO }}" }

$ mysafe-run -- echo started
2> mysafe-run: error: mysafe.toml:3: env.TYPO: no item matches secretapi identifier_code "stripe-life" (wanted by TYPO_ID too)
2> mysafe-run: hint: see what this access key can read with: mysafe-env list secretapi
2> mysafe-run: error: mysafe.toml:5: env.NO_ACCESS: the access key may not view password 3 "accounting"
2> mysafe-run: hint: ask its owner to share it with the access key's user, or add it to the data of the access key
2> mysafe-run: error: mysafe.toml:6: env.INACTIVE: note 3 is deactivated (MySafe: 1009: Inactive note)
2> mysafe-run: hint: activate it first: mysafe-env activate ...
2> mysafe-run: error: mysafe.toml:7: env.TWO: 2 items match secretapi tag "orders-prod": 3 (Orders mail), 4 (Orders parcel labels)
2> mysafe-run: hint: name one of them, such as { kind = "secretapi", identifier = "3" }
2> mysafe-run: error: mysafe.toml:8: env.NULL: password 1 has no secret_key, it is empty in MySafe
2> mysafe-run: hint: fill it in there, or say optional = true or default = "..." in the mapping
2> mysafe-run: error: mysafe.toml:9: env.NUMBER: there is no note with identifier 77 (MySafe: 1005: Note not found)
2> mysafe-run: hint: see what this access key can read with: mysafe-env list note
? 125

$ mysafe-env check
1> VARIABLE   ITEM                                     FIELD                  WHY
1> GOOD       secretapi identifier_code "stripe-live"  client_secret  ok
1> TYPO       secretapi identifier_code "stripe-life"  client_secret  FAILED  no item matches secretapi identifier_code "stripe-life"
1> TYPO_ID    ...FAILED...
1> NO_ACCESS  ...FAILED...
1> INACTIVE   ...FAILED...
1> TWO        ...FAILED...
1> NULL       ...FAILED...
1> NUMBER     ...FAILED...
1> FOLLOWS    template...FAILED  needs TYPO
2> mysafe-env: hint: TYPO, TYPO_ID: see what this access key can read with: mysafe-env list secretapi
2> mysafe-env: hint: NO_ACCESS: ask its owner ...
2> mysafe-env: hint: INACTIVE: activate it first: mysafe-env activate note 3
2> mysafe-env: hint: TWO: name one of them, such as { kind = "secretapi", identifier = "3" }
2> mysafe-env: hint: NULL: fill it in there, ...
2> mysafe-env: hint: NUMBER: see what this access key can read with: mysafe-env list note
? 1

$ mysafe-env export --format json
2> ...
? 1

$ mysafe-env check --offline
1> VARIABLE   ITEM                                     FIELD              WHY
1> GOOD       secretapi identifier_code "stripe-live"  client_secret  ok  not fetched
1> ...
