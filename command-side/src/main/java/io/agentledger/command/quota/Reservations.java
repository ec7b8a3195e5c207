package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaCommand.ReserveRuns;
import io.agentledger.api.quota.QuotaEvent.ReservationExtended;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.RunId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.RejectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Open reservations by run. */
final class Reservations {
  private static final int REMEMBERED_MAX = 64;

  /** Suggested delay before a retry; runs take at least some seconds. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Map<String, OpenReservation> open = new LinkedHashMap<>();
  private List<String> ended = new ArrayList<>();

  /**
   * Reservation of one run.
   *
   * @param reserved reserved amount, including what is spent of it
   * @param spent spent part of it
   */
  record OpenReservation(
      String session, UserId user, ReservationType kind, Money reserved, Money spent) {
    OpenReservation extendedBy(Money amount) {
      return new OpenReservation(session, user, kind, reserved.plus(amount), spent);
    }

    OpenReservation withSpending(Money cost) {
      return new OpenReservation(session, user, kind, reserved, spent.plus(cost));
    }

    /**
     * Returns the unspent rest, which no other run may spend; zero if the run has spent more than
     * it reserved.
     */
    Money unspent() {
      return spent.compareTo(reserved) < 0 ? reserved.minus(spent) : Money.ZERO;
    }

    private boolean isOf(UserId userId, ReservationType what) {
      return user.equals(userId) && kind == what;
    }
  }

  Optional<OpenReservation> find(RunId run) {
    return Optional.ofNullable(open.get(run.value()));
  }

  /** Rejects the command if it would exceed a limit. */
  void checkLimits(ReserveRuns command, int count, UserLimits userLimits) {
    var user = command.subject().userId();
    switch (command.type()) {
      case RUN -> {
        if (countOtherSessions(command.subject().sessionId().value(), user)
            >= userLimits.sessions()) throw tooMany("sessions", userLimits.sessions());
      }
      case TASK -> {
        if (countTasks(user) + count > userLimits.tasks())
          throw tooMany("tasks", userLimits.tasks());
      }
    }
  }

  private static RejectionException tooMany(String limit, long max) {
    return new RejectionException(new LimitReached(limit, max, RETRY_AFTER));
  }

  /** Returns whether the run is among the recently ended ones. */
  boolean isEnded(RunId run) {
    return ended.contains(run.value());
  }

  /** Returns the number of the user's other sessions with a run. */
  private long countOtherSessions(String session, UserId user) {
    return open.values().stream()
        .filter(
            reservation ->
                reservation.isOf(user, ReservationType.RUN)
                    && !reservation.session().equals(session))
        .map(OpenReservation::session)
        .distinct()
        .count();
  }

  private long countTasks(UserId user) {
    return open.values().stream()
        .filter(reservation -> reservation.isOf(user, ReservationType.TASK))
        .count();
  }

  Money totalUnspent() {
    return sumUnspent(reservation -> true);
  }

  Money unspentOf(UserId user) {
    return sumUnspent(reservation -> reservation.user().equals(user));
  }

  private Money sumUnspent(Predicate<OpenReservation> filter) {
    return open.values().stream()
        .filter(filter)
        .map(OpenReservation::unspent)
        .reduce(Money.ZERO, Money::plus);
  }

  void on(ReservationMade event) {
    open.put(
        event.runId().value(),
        new OpenReservation(
            event.sessionId().value(),
            event.userId(),
            event.type(),
            event.reserved(),
            event.spent()));
  }

  void on(ReservationExtended event) {
    open.computeIfPresent(
        event.runId().value(), (run, reservation) -> reservation.extendedBy(event.amount()));
  }

  void on(SpendingBooked event) {
    open.computeIfPresent(
        event.runId().value(), (run, reservation) -> reservation.withSpending(event.cost()));
  }

  void onSettled(ReservationSettled event) {
    open.remove(event.runId().value());
    if (!event.runEnded()) return;
    ended.add(event.runId().value());
    if (ended.size() > REMEMBERED_MAX) ended.removeFirst();
  }

  void onExpired(RunId run) {
    open.remove(run.value());
  }
}
