package io.agentledger.gateway.session;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.NewSessionIds;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Selects ids of new sessions: one whose process is already started, if there is one. */
@Component
final class SessionIdSelector {
  private final NewSessionIds newSessionIds;

  SessionIdSelector(NewSessionIds newSessionIds) {
    this.newSessionIds = newSessionIds;
  }

  /**
   * Returns how to get the id of the caller's next session; it is asked when all is valid. A caller
   * who will be refused gets no process.
   */
  Function<SessionSpecFields, SessionId> of(RequestContext context) {
    return fields ->
        context.caller().has(Scope.SESSIONS_WRITE)
                && fields.workspaceOrEmpty().type() == WorkspaceRequest.Type.EMPTY
            ? newSessionIds.next(context.tenant(), fields.toSpec())
            : SessionId.next();
  }
}
