from sophia.signin.models.event import Kind, SecurityEvent
from sophia.signin.models.factor import RecoveryCode, SecondFactor
from sophia.signin.models.tries import Hurried, SignInTry

__all__ = ["Hurried", "Kind", "RecoveryCode", "SecondFactor", "SecurityEvent", "SignInTry"]
