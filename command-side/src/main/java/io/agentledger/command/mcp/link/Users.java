package io.agentledger.command.mcp.link;

import io.agentledger.api.session.ElicitationEvent.Answer;
import io.agentledger.api.session.ElicitationEvent.End;
import io.agentledger.api.session.ElicitationEvent.Mode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Whom a server reaches when it asks the user. Called on any thread, and never blocks. */
public interface Users {
  /** Nobody is there: whoever only looks at a server answers nothing. */
  Users NOBODY =
      wanted -> {
        var none = CompletableFuture.completedFuture(Said.CANCELLED);
        return new Asked() {
          @Override
          public CompletableFuture<Said> answer() {
            return none;
          }

          @Override
          public void end(End end) {}
        };
      };

  /** Asks. */
  Asked ask(Wanted wanted);

  /**
   * The server says that what was to be done at an address has been done.
   *
   * @param elicitationId its name for what it asked
   */
  default void completed(String elicitationId) {}

  /**
   * What a server wants to know.
   *
   * @param elicitationId its own name for it; empty where it gave none
   * @param ask as it is recorded and shown
   * @param patience how long the user is waited for; zero: until the call ends
   */
  record Wanted(Mode mode, String elicitationId, JsonNode ask, Duration patience) {}

  /** What the user said. */
  record Said(Answer answer, Optional<JsonNode> content) {
    public static final Said CANCELLED = new Said(Answer.CANCEL, Optional.empty());
  }

  /** Something that was asked. */
  interface Asked {
    /** Completes with the answer; never with an exception. */
    CompletableFuture<Said> answer();

    /** Nobody waits for the answer any more. After the answer it changes nothing. */
    void end(End end);
  }
}
