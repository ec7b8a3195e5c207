package io.agentledger.projection.session;

import io.agentledger.api.session.AgentSetupSummary;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.Workspace;
import io.agentledger.projection.support.JsonConverter;
import org.hibernate.annotations.Immutable;

/** Converters of the JSON columns of a session's row. */
final class SessionJsonConverters {
  private SessionJsonConverters() {}

  @Immutable
  static final class Options extends JsonConverter<RunOptions> {
    Options() {
      super(RunOptions.class);
    }
  }

  @Immutable
  static final class AgentSetups extends JsonConverter<AgentSetupSummary> {
    AgentSetups() {
      super(AgentSetupSummary.class);
    }
  }

  @Immutable
  static final class Budgets extends JsonConverter<Budget> {
    Budgets() {
      super(Budget.class);
    }
  }

  @Immutable
  static final class Workspaces extends JsonConverter<Workspace> {
    Workspaces() {
      super(Workspace.class);
    }
  }

  @Immutable
  static final class Origins extends JsonConverter<SessionOrigin> {
    Origins() {
      super(SessionOrigin.class);
    }
  }
}
