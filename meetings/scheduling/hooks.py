def register() -> None:
    from . import flow
    flow.register()
