package io.agentledger.query.template;

import io.agentledger.projection.template.TemplateRows;
import io.agentledger.projection.template.TemplateVersionRows;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.Reading;
import io.agentledger.query.template.TemplateQueries.Tables;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about templates. */
@Configuration(proxyBeanMethods = false)
public class TemplateQueryConfiguration {
  @Bean
  Tables templateTables(TemplateRows templates, TemplateVersionRows versions, Opened opened) {
    return new Tables(templates, versions, opened);
  }

  @Bean
  TemplateQueries templateQueries(Tables tables, Reading reading, Cursors cursors) {
    return new TemplateQueries(tables, reading, cursors);
  }
}
