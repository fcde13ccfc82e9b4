"""SecretSafe, a rebranded Bitwarden server: its organisation API, and vault items that are decrypted here.

Facts are those of SecretSafe's help page "RESTful API for managing your organization" and of the public history of
the server that it is built from; servers of 2020 and of today are both spoken to.
"""
