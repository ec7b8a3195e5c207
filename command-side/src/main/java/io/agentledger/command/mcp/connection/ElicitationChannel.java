package io.agentledger.command.mcp.connection;

import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Whom a server reaches when it asks the user. Called on any thread, and never blocks. */
public interface ElicitationChannel {
  /** Nobody is there: whoever only looks at a server answers nothing. */
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

  /** Asks. */
  PendingElicitation request(ElicitationRequest request);

  /**
   * The server says that what was to be done at an address has been done.
   *
   * @param elicitationId its name for what it asked
   */
  default void completed(String elicitationId) {}

  /**
   * Request of a server to the user.
   *
   * @param elicitationId its own name for it; empty where it gave none
   * @param details as it is recorded and shown
   * @param timeout how long the user is waited for; zero: until the call ends
   */
  record ElicitationRequest(Mode mode, String elicitationId, JsonNode details, Duration timeout) {}

  /** Answer of the user. */
  record ElicitationAnswer(Answer answer, Optional<JsonNode> content) {
    public static final ElicitationAnswer CANCELLED =
        new ElicitationAnswer(Answer.CANCEL, Optional.empty());
  }

  /** Something that was asked. */
  interface PendingElicitation {
    /** Completes with the answer; never with an exception. */
    CompletableFuture<ElicitationAnswer> answer();

    /** Nobody waits for the answer any more. After the answer it changes nothing. */
    void end(EndReason end);
  }
}
