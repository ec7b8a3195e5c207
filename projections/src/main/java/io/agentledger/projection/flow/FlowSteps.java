package io.agentledger.projection.flow;

import io.agentledger.api.flow.FlowStepView.Kind;
import io.agentledger.api.flow.SourceDecision;
import io.agentledger.projection.support.SealedContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps of a flow that its own events state, oldest first. */
public record FlowSteps(List<Step> steps) {
  public FlowSteps {
    steps = List.copyOf(steps);
  }

  /**
   * Step.
   *
   * @param actor see {@link io.agentledger.api.identity.Actor}
   * @param via comment that stated a decision; null for none
   * @param ip of the client; empty if it is unknown
   * @param userAgent of the client; empty if it is unknown
   * @param code of a failure; empty without one
   * @param text reason or message; null for none
   * @param url sealed; null for none
   * @param branch empty for none
   * @param exitStatus of the tests; null for none, or if it is unknown
   */
  public record Step(
      Instant at,
      Kind kind,
      String actor,
      @Nullable SourceDecision via,
      String ip,
      String userAgent,
      String code,
      @Nullable SealedContent text,
      @Nullable SealedContent url,
      String branch,
      @Nullable Integer exitStatus) {}

  FlowSteps with(Step step) {
    var longer = new ArrayList<>(steps);
    longer.add(step);
    return new FlowSteps(longer);
  }
}
