package io.agentledger.projection.template;

import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;

/** Counts the sessions that were opened from each template. */
@ProcessingGroup(TemplateProjection.GROUP)
class TemplateUsageProjection extends Projection {
  private final TemplateUsageRowRepository templateUsageRowRepository;

  TemplateUsageProjection(
      TemplateUsageRowRepository templateUsageRowRepository,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.templateUsageRowRepository = templateUsageRowRepository;
  }

  @EventHandler
  void on(SessionOpened event, @Timestamp Instant at) {
    if (event.origin() instanceof SessionOrigin.Templated from)
      templateUsageRowRepository.countUse(event.sessionId().value(), from.templateId().value(), at);
  }

  @ResetHandler
  void reset() {
    templateUsageRowRepository.deleteUses();
    templateUsageRowRepository.deleteAllInBatch();
  }
}
