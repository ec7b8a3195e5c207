package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Stage;
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
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Where a session stands in its life, and by which tags it is found. Wishes that are fulfilled
 * already are silence. What is closed stays closed.
 */
final class SessionLifecycle {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Stage stage = Stage.OPEN;
  private Instant since = Instant.EPOCH;
  private List<String> tags = List.of();

  boolean isPaused() {
    return stage == Stage.PAUSED;
  }

  /** Nothing begins in it any more. */
  boolean isEnded() {
    return stage == Stage.CLOSED || stage == Stage.DELETED;
  }

  boolean isDeleted() {
    return stage == Stage.DELETED;
  }

  /** Only what is open or paused takes queries. */
  void requireAcceptsInput() {
    switch (stage) {
      case OPEN, PAUSED -> {}
      case EXPIRED -> throw new RejectionException(new SessionRejection.SessionExpired(since));
      case ARCHIVED, CLOSED, DELETED -> throw ended();
    }
  }

  private RejectionException ended() {
    return new RejectionException(new SessionEnded(stage.name().toLowerCase(Locale.ROOT)));
  }

  void tag(SessionId session, Collection<String> wanted) {
    var sorted = wanted.stream().sorted().distinct().toList();
    if (!sorted.equals(tags)) apply(new SessionTagged(session, sorted));
  }

  void pause(SessionId session) {
    requireAcceptsInput();
    if (stage == Stage.OPEN) apply(new SessionPaused(session));
  }

  void unpause(SessionId session) {
    requireAcceptsInput();
    if (stage == Stage.PAUSED) apply(new SessionUnpaused(session));
  }

  /**
   * @param busy whether something is under way
   */
  void archive(SessionId session, boolean busy) {
    if (isEnded()) throw ended();
    if (stage == Stage.ARCHIVED) return;
    if (busy) throw new RejectionException(new SessionBusy(RETRY_AFTER));
    apply(new SessionArchived(session));
  }

  void restore(SessionId session) {
    if (isEnded()) throw ended();
    if (stage == Stage.ARCHIVED || stage == Stage.EXPIRED) apply(new SessionRestored(session));
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

  /** Who paused a session wants it to wait. */
  void expire(SessionId session) {
    if (stage == Stage.OPEN) apply(new SessionExpired(session));
  }

  void archiveIdle(SessionId session) {
    if (!isEnded() && stage != Stage.ARCHIVED) apply(new SessionArchived(session));
  }

  void on(LifecycleEvent event, Instant at) {
    switch (event) {
      case SessionTagged tagged -> tags = tagged.tags();
      case SessionPaused _ -> moveTo(Stage.PAUSED, at);
      case SessionUnpaused _, SessionRestored _ -> moveTo(Stage.OPEN, at);
      case SessionExpired _ -> moveTo(Stage.EXPIRED, at);
      case SessionArchived _ -> moveTo(Stage.ARCHIVED, at);
      case SessionClosed _ -> moveTo(Stage.CLOSED, at);
      case SessionDeleted _ -> moveTo(Stage.DELETED, at);
      default -> {}
    }
  }

  private void moveTo(Stage next, Instant at) {
    stage = next;
    since = at;
  }
}
