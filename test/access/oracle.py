"""Decides questions by oslo.policy itself: rules and questions come in as JSON, a list of booleans goes out."""
import json
import re
import sys

from oslo_config import cfg
from oslo_policy import _checks
from oslo_policy import policy


@policy.register('field')
class Field(_checks.Check):
    """`field:<resource>:<attribute>=<value>` or `=~<pattern>`, the Networking service's own kind of check."""

    def __call__(self, target, credentials, enforcer, current_rule=None):
        _resource, rest = self.match.split(':', 1)
        attribute, expected = rest.split('=', 1)
        actual = target.get(attribute)
        if actual is None:
            return False
        if expected.startswith('~'):
            return re.match(expected[1:], actual) is not None
        return str(actual) == expected


given = json.load(sys.stdin)
enforcer = policy.Enforcer(cfg.ConfigOpts(), use_conf=False)
enforcer.load_rules = lambda *_: None
enforcer.set_rules(policy.Rules.from_dict(given['rules']), use_conf=False)
print(json.dumps([
    bool(enforcer.enforce(question['rule'], question['target'], question['credentials']))
    for question in given['questions']
]))
