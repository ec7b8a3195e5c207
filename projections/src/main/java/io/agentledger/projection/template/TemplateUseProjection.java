package io.agentledger.projection.template;

import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.Origin;
import io.agentledger.projection.support.CarefulHandling;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;

/** Counts the sessions that were opened from each template. */
@ProcessingGroup(TemplateProjection.GROUP)
class TemplateUseProjection extends Projection {
  private final TemplateCounts counts;

  TemplateUseProjection(TemplateCounts counts, CarefulHandling handling) {
    super(handling);
    this.counts = counts;
  }

  @EventHandler
  void on(SessionOpened event, @Timestamp Instant at) {
    if (event.origin() instanceof Origin.Templated from)
      counts.count(event.sessionId().value(), from.template().value(), at);
  }

  @ResetHandler
  void reset() {
    counts.forgetUses();
    counts.deleteAllInBatch();
  }
}
