package io.agentledger.api.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Subject of a report: its type with the parameters of that type. */
public sealed interface ReportSubject extends Discriminated {
  /** Longest period of a report. */
  int DAYS_MAX = 366;

  ReportType reportType();

  /** Returns the scopes that are required to request the report, to cancel and to delete it. */
  default Set<Scope> scopes(UserId requester) {
    return reportType().scopes();
  }

  /** Returns further scopes with which a report contains more, as the names of users. */
  default Set<Scope> extendingScopes() {
    return Set.of(Scope.USERS_READ);
  }

  /**
   * Returns the scopes that are required to read the report: those that are required to request it,
   * and those with which the requester has made it contain more.
   */
  default Set<Scope> scopesOfReaders(ExecutionPrincipal requester) {
    var scopes = EnumSet.copyOf(scopes(requester.userId()));
    for (var scope : extendingScopes()) if (requester.scopes().contains(scope)) scopes.add(scope);
    return scopes;
  }

  /** Returns the same subject with other days; itself if it has no period. */
  default ReportSubject withPeriod(LocalDate from, LocalDate to) {
    return switch (this) {
      case UsageAndCosts usage -> new UsageAndCosts(from, to, usage.groupBy(), usage.users());
      case AccessAudit audit -> new AccessAudit(from, to, audit.users());
      case RegulatoryRecords _ -> new RegulatoryRecords(from, to);
      case SessionTranscript _, SessionActivity _, PersonalData _ -> this;
    };
  }

  /** Returns the session that a report is about. */
  default Optional<SessionId> session() {
    return Optional.empty();
  }

  /** A session's messages and tool calls. */
  @StableName("session_transcript")
  record SessionTranscript(SessionId sessionId) implements ReportSubject {
    @Override
    public ReportType reportType() {
      return ReportType.SESSION_TRANSCRIPT;
    }

    @Override
    public Optional<SessionId> session() {
      return Optional.of(sessionId);
    }
  }

  /** A session and everything that it did. */
  @StableName("session_activity")
  record SessionActivity(SessionId sessionId) implements ReportSubject {
    @Override
    public ReportType reportType() {
      return ReportType.SESSION_ACTIVITY;
    }

    @Override
    public Optional<SessionId> session() {
      return Optional.of(sessionId);
    }
  }

  /**
   * Usage and costs.
   *
   * @param from first day, UTC
   * @param to last day, UTC
   * @param users one user; empty: all whom the requester may see
   */
  @StableName("usage")
  record UsageAndCosts(LocalDate from, LocalDate to, GroupBy groupBy, List<UserId> users)
      implements ReportSubject {
    public UsageAndCosts {
      users = List.copyOf(users);
    }

    @Override
    public ReportType reportType() {
      return ReportType.USAGE;
    }

    @Override
    public Set<Scope> scopes(UserId requester) {
      var scopes = reportType().scopes();
      if (users.stream().anyMatch(user -> !user.equals(requester)))
        scopes.add(Scope.SESSIONS_READ_ALL);
      return scopes;
    }

    @Override
    public Set<Scope> extendingScopes() {
      return Set.of(Scope.SESSIONS_READ_ALL, Scope.USERS_READ);
    }
  }

  /**
   * Audited actions.
   *
   * @param from first day, in the report's time zone
   * @param to last day
   * @param users one user; empty: all
   */
  @StableName("access_audit")
  record AccessAudit(LocalDate from, LocalDate to, List<UserId> users) implements ReportSubject {
    public AccessAudit {
      users = List.copyOf(users);
    }

    @Override
    public ReportType reportType() {
      return ReportType.ACCESS_AUDIT;
    }
  }

  /**
   * Records of the tenant.
   *
   * @param from first day, in the report's time zone
   * @param to last day
   */
  @StableName("record_keeping")
  record RegulatoryRecords(LocalDate from, LocalDate to) implements ReportSubject {
    @Override
    public ReportType reportType() {
      return ReportType.RECORD_KEEPING;
    }
  }

  /** The data about a user. */
  @StableName("personal_data")
  record PersonalData(UserId userId) implements ReportSubject {
    @Override
    public ReportType reportType() {
      return ReportType.PERSONAL_DATA;
    }

    @Override
    public Set<Scope> scopes(UserId requester) {
      var scopes = reportType().scopes();
      if (!userId.equals(requester))
        scopes.addAll(Set.of(Scope.SESSIONS_READ_ALL, Scope.USERS_READ));
      return scopes;
    }

    @Override
    public Set<Scope> extendingScopes() {
      return Set.of(Scope.AUDIT_READ, Scope.KEYS_WRITE, Scope.USERS_READ);
    }
  }
}
