package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaCommand.Kind;
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

/** What is in use and held now, by run. */
final class Reservations {
  private static final int REMEMBERED_MAX = 64;

  /** Runs end in seconds, rarely sooner. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Map<String, Open> open = new LinkedHashMap<>();
  private List<String> over = new ArrayList<>();

  /**
   * One run's.
   *
   * @param reserved in all, what is spent of it included
   * @param booked what is spent of it
   */
  record Open(String session, UserId user, Kind kind, Money reserved, Money booked) {
    Open extended(Money by) {
      return new Open(session, user, kind, reserved.plus(by), booked);
    }

    Open spent(Money cost) {
      return new Open(session, user, kind, reserved, booked.plus(cost));
    }

    /** What nobody else may spend; a run may have spent more than it had reserved. */
    Money held() {
      return booked.compareTo(reserved) < 0 ? reserved.minus(booked) : Money.ZERO;
    }

    private boolean isOf(UserId someone, Kind what) {
      return user.equals(someone) && kind == what;
    }
  }

  Optional<Open> find(RunId run) {
    return Optional.ofNullable(open.get(run.value()));
  }

  /** Refuses what would be one too many. */
  void checkLimits(ReserveRuns wish, int count, UserLimits most) {
    var user = wish.holder().userId();
    switch (wish.kind()) {
      case RUN -> {
        if (sessionsBeside(wish.holder().sessionId().value(), user) >= most.sessions())
          throw tooMany("sessions", most.sessions());
      }
      case TASK -> {
        if (tasks(user) + count > most.tasks()) throw tooMany("tasks", most.tasks());
      }
    }
  }

  private static RejectionException tooMany(String limit, long max) {
    return new RejectionException(new LimitReached(limit, max, RETRY_AFTER));
  }

  /** Whether the run has ended, as far back as is remembered. */
  boolean isEnded(RunId run) {
    return over.contains(run.value());
  }

  /** How many other sessions of theirs have a run. */
  private long sessionsBeside(String session, UserId user) {
    return open.values().stream()
        .filter(one -> one.isOf(user, Kind.RUN) && !one.session().equals(session))
        .map(Open::session)
        .distinct()
        .count();
  }

  private long tasks(UserId user) {
    return open.values().stream().filter(one -> one.isOf(user, Kind.TASK)).count();
  }

  Money held() {
    return held(one -> true);
  }

  Money heldBy(UserId user) {
    return held(one -> one.user().equals(user));
  }

  private Money held(Predicate<Open> which) {
    return open.values().stream().filter(which).map(Open::held).reduce(Money.ZERO, Money::plus);
  }

  void on(ReservationMade event) {
    open.put(
        event.runId().value(),
        new Open(
            event.sessionId().value(),
            event.userId(),
            event.kind(),
            event.reserved(),
            event.spent()));
  }

  void on(ReservationExtended event) {
    open.computeIfPresent(event.runId().value(), (run, one) -> one.extended(event.by()));
  }

  void on(SpendingBooked event) {
    open.computeIfPresent(event.runId().value(), (run, one) -> one.spent(event.cost()));
  }

  void onSettled(ReservationSettled event) {
    open.remove(event.runId().value());
    if (!event.over()) return;
    over.add(event.runId().value());
    if (over.size() > REMEMBERED_MAX) over.removeFirst();
  }

  void expired(RunId run) {
    open.remove(run.value());
  }
}
