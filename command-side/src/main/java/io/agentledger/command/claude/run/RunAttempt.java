package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.command.model.ModelOutage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One carrying-out of a run by one process.
 *
 * @param number from 1; a resumed run keeps its id
 * @param tryNumber from 1; greater by one after each failure of an attempt
 * @param prompt what is written to the CLI; empty for a run that began by itself
 * @param completion completes when the attempt's end is on the record, fails if it could not be
 *     begun
 */
public record RunAttempt(
    RunId run,
    Cause cause,
    int number,
    int tryNumber,
    RunOptions options,
    Provenance provenance,
    Optional<Prompt> prompt,
    CompletableFuture<Void> completion) {

  /**
   * @param uuid derived from query and attempt: the CLI drops one that it knows
   * @param attachments blocks that go with it, a JSON list; empty: none
   * @param mentions paths of files that are read for it
   * @param command the slash command that it is, if it is one
   */
  record Prompt(
      UUID uuid,
      String text,
      String attachments,
      List<String> mentions,
      Optional<SlashCommand> command) {
    /** One of words alone. */
    Prompt(UUID uuid, String text) {
      this(uuid, text, "", List.of(), Optional.empty());
    }
  }

  /** Progress of an attempt. Confined to one thread. */
  public static final class AttemptState {
    final RunAttempt attempt;
    final Instant startedAt;

    /** As they are by now: the mode may be set in mid-run. */
    RunOptions options;

    boolean initialized;
    boolean planApproved;
    boolean timedOut;

    /** That ends the attempt, or the run at its timeout; empty: none does. */
    Optional<ModelOutage> outage = Optional.empty();

    /** The one that is on the record. */
    Optional<Instant> recordedOutage = Optional.empty();

    Optional<Instant> promptedAt = Optional.empty();
    Optional<Instant> echoedAt = Optional.empty();
    Optional<Instant> interruptedAt = Optional.empty();

    public AttemptState(RunAttempt attempt, Instant startedAt, boolean initialized) {
      this.attempt = attempt;
      this.options = attempt.options();
      this.startedAt = startedAt;
      this.initialized = initialized;
    }

    /** Marks it if it has taken longer than its run may, and was not interrupted before. */
    void checkTimeout(Instant now) {
      boolean late = now.isAfter(startedAt.plus(attempt.options().timeout()));
      timedOut = timedOut || late && interruptedAt.isEmpty();
    }

    boolean hasPrompt(String uuid) {
      return attempt.prompt().filter(prompt -> prompt.uuid().toString().equals(uuid)).isPresent();
    }

    /** Whether the prompt's turn is still to come, as far as the CLI has said. */
    boolean isPromptPending() {
      return attempt.prompt().isPresent() && echoedAt.isEmpty() && interruptedAt.isEmpty();
    }

    /** Another turn came first: the prompt counts as written now. */
    void awaitPromptTurn(Instant now) {
      initialized = false;
      promptedAt = Optional.of(now);
    }
  }
}
