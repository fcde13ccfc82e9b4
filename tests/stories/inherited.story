References in the inherited environment are resolved; what passes can be chosen.

-- empty/.keep --

-- tagged.toml --
[env]
URL = { template = "pg://{{ ORDERS_MAIL }}" }

[[tagged]]
tag = "orders-prod"
kind = "secretapi"
name = "ORDERS_{identifier_code}"

[[render]]
template = "mail.j2"
to = "mail"

-- mail.j2 --
{{ ORDERS_MAIL }}

$ KEY=mysafe://secretapi/stripe-live mysafe-run -- printenv KEY
1> sk_demo_live_not_a_real_key

$ KEY='mysafe://password?tag=orders-db#username' mysafe-run -- printenv KEY
1> orders_app

$ KEY=mysafe://secretapi/stripe-live mysafe-run --no-inherited-refs -m literal.toml -- printenv KEY A
1> mysafe://secretapi/stripe-live
1> mapped

$ A=inherited mysafe-run -m literal.toml -- printenv A
1> mapped

$ A=inherited mysafe-run -m literal.toml --keep A -- printenv A
1> inherited

$ mysafe-run -m literal.toml --keep A -- printenv A
1> mapped

$ ORDERS_MAIL=local mysafe-run -m tagged.toml --keep ORDERS_MAIL -c 'cat mail; echo "$ORDERS_MAIL $URL $ORDERS_PARCELS"'
1> local
1> local pg://local made-up-parcel-secret

$ ORDERS_MAIL='mysafe://nothing/here' mysafe-run -m tagged.toml --keep ORDERS_MAIL -- printenv URL
1> pg://mysafe://nothing/here

$ MISSING=kept mysafe-run -m missing.toml --keep MISSING -- printenv MISSING
1> kept

$ FOO=1 BAR=2 mysafe-run -m literal.toml --pristine -- sh -c 'echo "$A ${FOO-unset} ${HOME:+home}"'
1> mapped unset home

$ FOO=1 BAR=2 FOOD=3 mysafe-run -m literal.toml --pristine --pass 'FOO*' -- sh -c 'echo "$A $FOO ${BAR-unset} $FOOD"'
1> mapped 1 unset 3

$ FOO=1 FOOD=2 mysafe-run -m literal.toml --drop 'FOO?' -- sh -c 'echo "$A $FOO ${FOOD-unset}"'
1> mapped 1 unset

$ FOO=1 BAR=2 mysafe-run -m literal.toml --pass PATH --pass FOO -- sh -c 'echo "$A $FOO ${BAR-unset}"'
1> mapped 1 unset

$ BROKEN=mysafe://nothing/here mysafe-run -m literal.toml --drop BROKEN -- printenv A
1> mapped

$ BROKEN=mysafe://nothing/here mysafe-run -m literal.toml -- printenv A
2> mysafe-run: error: environment: BROKEN: there is no kind "nothing"; ...
? 125

$ BROKEN=mysafe://nothing/here mysafe-run -m literal.toml --keep BROKEN -- printenv BROKEN A
1> mysafe://nothing/here
1> mapped

$ A=mysafe://nothing/here mysafe-run -m literal.toml -- printenv A
1> mapped

$ MISSING=mysafe://secretapi/stripe-live mysafe-run -m optional.toml -- printenv MISSING
1> sk_demo_live_not_a_real_key

$ MISSING=mysafe://secretapi/nowhere-else mysafe-run -m optional.toml -- true
2> mysafe-run: error: environment: MISSING: no item matches secretapi identifier_code "nowhere-else"
2> ...
? 125

$ env =nameless mysafe-run -m literal.toml -- printenv A
1> mapped

-- optional.toml --
[env]
MISSING = { kind = "secretapi", identifier_code = "nowhere", optional = true }

-- literal.toml --
[env]
A = "mapped"

-- missing.toml --
[env]
MISSING = "mysafe://secretapi/nowhere"
OTHER   = "literal"
