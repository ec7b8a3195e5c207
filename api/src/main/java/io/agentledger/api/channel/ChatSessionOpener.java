package io.agentledger.api.channel;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Json;
import java.util.concurrent.CompletionStage;

/** Port that opens the sessions of chats, with the validation of a client's request. */
public interface ChatSessionOpener {
  /**
   * Checks the request to open sessions, without any effect.
   *
   * @param caller user whose sessions they would become
   * @return completes exceptionally with a {@link io.agentledger.api.shared.RejectionException} if
   *     the request is not valid
   */
  CompletionStage<Void> check(Caller caller, String requestId, Json session);

  /**
   * Opens a session without a query. Idempotent by the id of the session.
   *
   * @param caller user whose session it becomes, acting for the channel
   * @param requestId id of the request in the events
   * @param session request to open a session, as in the API
   * @param title of the session, unless the request or its template has one
   * @return completes exceptionally with a {@link io.agentledger.api.shared.RejectionException} if
   *     the request is not valid any more
   */
  CompletionStage<Void> open(
      Caller caller,
      String requestId,
      SessionId newSession,
      SessionOrigin.Chat origin,
      Json session,
      String title);
}
