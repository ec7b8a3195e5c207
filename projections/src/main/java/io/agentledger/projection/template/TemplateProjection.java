package io.agentledger.projection.template;

import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateEvent.TemplateRestored;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each template, and one for each of its versions. */
@ProcessingGroup(TemplateProjection.GROUP)
class TemplateProjection extends VersionedProjection<TemplateRow, TemplateVersionRow> {
  static final String GROUP = "template";

  TemplateProjection(
      TemplateRowRepository templates,
      TemplateVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(templates, versions, TemplateVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(TemplateEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case TemplateCreated created -> insert(new TemplateRow(created, message), message);
      case TemplateChanged changed -> update(message, template -> template.update(changed));
      case TemplateArchived ignored -> update(message, template -> template.archive(message));
      case TemplateRestored ignored -> update(message, TemplateRow::restore);
    }
  }
}
