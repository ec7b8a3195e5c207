package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.model.ModelOutage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One attempt of a process to execute a run.
 *
 * @param number from 1; a resumed run keeps its id
 * @param startRecorded whether the start of the attempt is recorded already
 * @param tryNumber from 1; incremented after each failed attempt
 * @param prompt prompt that is written to the CLI; empty for a run that began by itself
 * @param completion completes when the end of the attempt is recorded, fails if it could not begin
 */
public record RunAttempt(
    RunId run,
    Cause cause,
    int number,
    boolean startRecorded,
    int tryNumber,
    RunOptions options,
    Provenance provenance,
    Optional<Prompt> prompt,
    CompletableFuture<Void> completion) {

  /**
   * @param uuid derived from query and attempt: the CLI drops one that it knows
   * @param attachments blocks that precede the text, a JSON list; empty: none
   * @param mentions paths of files to read
   * @param command slash command that the prompt invokes, if it does
   */
  record Prompt(
      UUID uuid,
      String text,
      String attachments,
      List<String> mentions,
      Optional<SlashCommand> command) {
    /** Creates a prompt with text only. */
    Prompt(UUID uuid, String text) {
      this(uuid, text, "", List.of(), Optional.empty());
    }
  }

  /** Progress of an attempt. Confined to one thread. */
  public static final class AttemptState {
    final RunAttempt attempt;
    final Instant startedAt;

    /** Current options: the permission mode may change during the run. */
    RunOptions options;

    boolean initialized;
    boolean planApproved;
    boolean timedOut;

    /** Budget that refused a model request and was set again since; empty: none. */
    Optional<BudgetShortfall> shortfall = Optional.empty();

    /** Outage that ends the attempt, or the run at its timeout; empty: none. */
    Optional<ModelOutage> outage = Optional.empty();

    /** Time of the outage that is recorded. */
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

    /** Takes over the permission mode, which may have been set after the run was planned. */
    void updateMode(SessionState state) {
      state
          .run(attempt.run())
          .map(run -> run.options().permissionMode())
          .ifPresent(mode -> options = options.withPermissionMode(mode));
    }

    /**
     * Sets {@code timedOut} if the attempt exceeded the run's timeout before it was interrupted.
     */
    void checkTimeout(Instant now) {
      boolean late = now.isAfter(startedAt.plus(attempt.options().timeout()));
      timedOut = timedOut || late && interruptedAt.isEmpty();
    }

    boolean hasPrompt(String uuid) {
      return attempt.prompt().filter(prompt -> prompt.uuid().toString().equals(uuid)).isPresent();
    }

    /** Returns whether the CLI has not begun the prompt's turn yet, as far as it has reported. */
    boolean isPromptPending() {
      return attempt.prompt().isPresent() && echoedAt.isEmpty() && interruptedAt.isEmpty();
    }

    /** Returns whether the prompt is about to be sent. */
    boolean isPromptUnsent() {
      return isPromptPending() && promptedAt.isEmpty() && !initialized;
    }

    /** Another turn came first: restarts the timeout of the prompt. */
    void awaitPromptTurn(Instant now) {
      initialized = false;
      promptedAt = Optional.of(now);
    }
  }
}
