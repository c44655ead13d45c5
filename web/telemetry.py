"""What FastAPI offers to OpenTelemetry is off: this server has metrics and request ids of its own.

FastAPI would look for somebody who wants it at each request, in each of the two applications that it passes.
"""

from fastapi.telemetry import TelemetryConfig

NO_TELEMETRY: TelemetryConfig = {'tracing': False, 'metrics': False, 'logs': False}
