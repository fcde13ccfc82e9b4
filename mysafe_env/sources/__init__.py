"""Where items come from: a MySafe server (`mysafe/`), SecretSafe (`secretsafe/`), or a local vault (`local.py`).

All of them are peers behind `base.Source`, and `opening.py` chooses one by the settings.
"""
