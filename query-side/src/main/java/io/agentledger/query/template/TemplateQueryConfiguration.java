package io.agentledger.query.template;

import io.agentledger.projection.template.TemplateRowRepository;
import io.agentledger.projection.template.TemplateVersionRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.template.TemplateQueryHandler.TemplateRepositories;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about templates. */
@Configuration(proxyBeanMethods = false)
public class TemplateQueryConfiguration {
  @Bean
  TemplateRepositories templateTables(
      TemplateRowRepository templates,
      TemplateVersionRowRepository versions,
      ContentReader contentReader) {
    return new TemplateRepositories(templates, versions, contentReader);
  }

  @Bean
  TemplateQueryHandler templateQueries(
      TemplateRepositories templateRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    return new TemplateQueryHandler(templateRepositories, readModelAccess, cursorCodec);
  }
}
