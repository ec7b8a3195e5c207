package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnpaused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.shared.SessionRejection.SessionBusy;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;

/**
 * Lifecycle and tags of a session. Commands without effect are ignored. A closed session stays
 * closed.
 */
final class SessionLifecycle {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private LifecycleStatus stage = LifecycleStatus.OPEN;
  private Instant since = Instant.EPOCH;
  private List<String> tags = List.of();

  boolean isPaused() {
    return stage == LifecycleStatus.PAUSED;
  }

  /** Returns whether the session has ended, so that nothing can start in it any more. */
  boolean isEnded() {
    return stage == LifecycleStatus.CLOSED || stage == LifecycleStatus.DELETED;
  }

  boolean isDeleted() {
    return stage == LifecycleStatus.DELETED;
  }

  /** Requires a session that is open or paused; others accept no queries. */
  void requireAcceptsInput() {
    switch (stage) {
      case OPEN, PAUSED -> {}
      case EXPIRED -> throw new RejectionException(new SessionRejection.SessionExpired(since));
      case ARCHIVED, CLOSED, DELETED -> throw endedRejection();
    }
  }

  private RejectionException endedRejection() {
    return new RejectionException(new SessionEnded(stage.name().toLowerCase(Locale.ROOT)));
  }

  @CommandHandler
  void tag(TagSession command) {
    var sorted = command.tags().stream().sorted().distinct().toList();
    if (!sorted.equals(tags)) apply(new SessionTagged(command.sessionId(), sorted));
  }

  void pause(SessionId session) {
    requireAcceptsInput();
    if (stage == LifecycleStatus.OPEN) apply(new SessionPaused(session));
  }

  void unpause(SessionId session) {
    requireAcceptsInput();
    if (stage == LifecycleStatus.PAUSED) apply(new SessionUnpaused(session));
  }

  /**
   * @param busy whether a run is in progress or queued
   */
  void archive(SessionId session, boolean busy) {
    if (isEnded()) throw endedRejection();
    if (stage == LifecycleStatus.ARCHIVED) return;
    if (busy) throw new RejectionException(new SessionBusy(RETRY_AFTER));
    apply(new SessionArchived(session));
  }

  void restore(SessionId session) {
    if (isEnded()) throw endedRejection();
    if (stage == LifecycleStatus.ARCHIVED || stage == LifecycleStatus.EXPIRED)
      apply(new SessionRestored(session));
  }

  void resume(SessionId session) {
    restore(session);
    unpause(session);
  }

  void close(SessionId session) {
    if (!isEnded()) apply(new SessionClosed(session));
  }

  void delete(SessionId session) {
    if (!isDeleted()) apply(new SessionDeleted(session));
  }

  /** Expires an open session; a paused session does not expire. */
  void expire(SessionId session) {
    if (stage == LifecycleStatus.OPEN) apply(new SessionExpired(session));
  }

  void archiveIdle(SessionId session) {
    if (!isEnded() && stage != LifecycleStatus.ARCHIVED) apply(new SessionArchived(session));
  }

  @EventSourcingHandler
  void on(LifecycleEvent event, @Timestamp Instant at) {
    switch (event) {
      case SessionTagged tagged -> tags = tagged.tags();
      case SessionPaused _ -> moveTo(LifecycleStatus.PAUSED, at);
      case SessionUnpaused _, SessionRestored _ -> moveTo(LifecycleStatus.OPEN, at);
      case SessionExpired _ -> moveTo(LifecycleStatus.EXPIRED, at);
      case SessionArchived _ -> moveTo(LifecycleStatus.ARCHIVED, at);
      case SessionClosed _ -> moveTo(LifecycleStatus.CLOSED, at);
      case SessionDeleted _ -> moveTo(LifecycleStatus.DELETED, at);
      default -> {}
    }
  }

  private void moveTo(LifecycleStatus next, Instant at) {
    stage = next;
    since = at;
  }
}
