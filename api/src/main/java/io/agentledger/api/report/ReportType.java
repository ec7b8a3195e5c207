package io.agentledger.api.report;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.WireNamed;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Type of a report, with the scopes that it requires. */
public enum ReportType implements WireNamed {
  /** Messages and tool calls of a session, in order. */
  SESSION_TRANSCRIPT(List.of("conversation", "runs"), Scope.SESSIONS_READ),
  /** Events of a session: permissions, approvals, hooks, network, runs and failures. */
  SESSION_ACTIVITY(List.of("summary", "events", "counts"), Scope.SESSIONS_READ),
  /** Usage and costs of a period. */
  USAGE(List.of("usage", "total"), Scope.USAGE_READ),
  /** Actions of users and agents in a period, including denied ones. */
  ACCESS_AUDIT(List.of("actions", "counts"), Scope.AUDIT_READ),
  /** Records of the tenant, in sections by the regulations that ask for them. */
  RECORD_KEEPING(
      List.of("about", "use", "oversight", "access"), Scope.AUDIT_READ, Scope.SESSIONS_READ_ALL),
  /** The data that is stored about a user. */
  PERSONAL_DATA(
      List.of("account", "sign_ins", "api_keys", "usage", "total", "actions", "counts", "sessions"),
      Scope.SESSIONS_READ,
      Scope.USAGE_READ);

  private final List<String> sections;
  private final Set<Scope> scopes;

  ReportType(List<String> sections, Scope... scopes) {
    this.sections = sections;
    this.scopes = EnumSet.copyOf(Set.of(scopes));
  }

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  Set<Scope> scopes() {
    return EnumSet.copyOf(scopes);
  }

  /** Returns the names of the sections of a report, in their order. */
  public List<String> sections() {
    return sections;
  }

  /** Returns whether reports of this type consist of a table, so that CSV can contain them. */
  public boolean hasTable() {
    return this == SESSION_ACTIVITY || this == USAGE || this == ACCESS_AUDIT;
  }
}
