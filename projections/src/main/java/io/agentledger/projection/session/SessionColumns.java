package io.agentledger.projection.session;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.Outfit;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.Workspace;
import io.agentledger.projection.support.JsonColumn;
import org.hibernate.annotations.Immutable;

/** What a session's row keeps as JSON. */
final class SessionColumns {
  private SessionColumns() {}

  @Immutable
  static final class Options extends JsonColumn<RunOptions> {
    Options() {
      super(RunOptions.class);
    }
  }

  @Immutable
  static final class Outfits extends JsonColumn<Outfit> {
    Outfits() {
      super(Outfit.class);
    }
  }

  @Immutable
  static final class Budgets extends JsonColumn<Budget> {
    Budgets() {
      super(Budget.class);
    }
  }

  @Immutable
  static final class Workspaces extends JsonColumn<Workspace> {
    Workspaces() {
      super(Workspace.class);
    }
  }

  @Immutable
  static final class Origins extends JsonColumn<Origin> {
    Origins() {
      super(Origin.class);
    }
  }
}
