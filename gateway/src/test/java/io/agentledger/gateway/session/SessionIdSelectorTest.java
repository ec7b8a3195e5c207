package io.agentledger.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.web.RequestContext;
import org.junit.jupiter.api.Test;

class SessionIdSelectorTest {
  private static final SessionId WAITING = SessionId.next();

  private final SessionIdSelector ids = new SessionIdSelector((tenant, spec) -> WAITING);

  @Test
  void sessionGetsTheProcessThatWaits() {
    assertThat(select(Role.MEMBER)).isEqualTo(WAITING);
  }

  /** Its request is refused later, and would take the process from the next one. */
  @Test
  void callerWhoMayNotOpenSessionsDoesNotGetTheProcess() {
    assertThat(select(Role.VIEWER)).isNotEqualTo(WAITING);
  }

  private SessionId select(Role role) {
    var caller = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), role);
    return ids.of(new RequestContext(caller, "req_test", RequestSource.NONE))
        .apply(
            new CreateSessionRequest(
                null, null, null, null, null, null, null, null, null, null, null, null, null));
  }
}
