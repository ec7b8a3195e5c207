package io.agentledger.query.template;

import io.agentledger.projection.support.Progress;
import io.agentledger.projection.template.TemplateRows;
import io.agentledger.projection.template.TemplateVersionRows;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.template.TemplateQueries.Reading;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about templates. */
@Configuration(proxyBeanMethods = false)
public class TemplateQueryConfiguration {
  @Bean
  TemplateQueries templateQueries(
      TemplateRows templates,
      TemplateVersionRows versions,
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      Opened opened,
      Cursors cursors) {
    return new TemplateQueries(templates, versions, new Reading(store, progress, opened), cursors);
  }
}
