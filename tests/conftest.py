"""What every test can ask for."""

pytest_plugins = ['nicegui.testing.user_plugin', 'tests.servers']
