"""KPN's two OpenAPI documents against the simulator and the client."""
