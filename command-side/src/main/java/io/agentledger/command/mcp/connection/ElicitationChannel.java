package io.agentledger.command.mcp.connection;

import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Channel for a server's requests to the user. Called on any thread; never blocks. */
public interface ElicitationChannel {
  /** Channel without a user, for checks: cancels every request. */
  ElicitationChannel CANCELLING =
      request -> {
        var none = CompletableFuture.completedFuture(ElicitationAnswer.CANCELLED);
        return new PendingElicitation() {
          @Override
          public CompletableFuture<ElicitationAnswer> answer() {
            return none;
          }

          @Override
          public void end(EndReason end) {}
        };
      };

  /** Sends a request. */
  PendingElicitation request(ElicitationRequest request);

  /**
   * Reports that the action at a requested URL is complete.
   *
   * @param elicitationId the server's id of the request
   */
  default void completed(String elicitationId) {}

  /**
   * Request of a server to the user.
   *
   * @param elicitationId the server's id of the request; may be empty
   * @param details details to record and show
   * @param timeout time limit for the answer; zero: until the call ends
   */
  record ElicitationRequest(Mode mode, String elicitationId, JsonNode details, Duration timeout) {}

  /** Answer of the user. */
  record ElicitationAnswer(Answer answer, Optional<JsonNode> content) {
    public static final ElicitationAnswer CANCELLED =
        new ElicitationAnswer(Answer.CANCEL, Optional.empty());
  }

  /** Request that was sent. */
  interface PendingElicitation {
    /** Completes with the answer; never with an exception. */
    CompletableFuture<ElicitationAnswer> answer();

    /** Ends the request when the answer is no longer needed. Has no effect after the answer. */
    void end(EndReason end);
  }
}
