package io.agentledger.query.audit;

import io.agentledger.projection.audit.AuditReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Query handlers for the access audit. */
@Configuration(proxyBeanMethods = false)
public class AuditQueryConfiguration {
  @Bean
  AuditQueryHandler auditQueries(
      AuditReader audit, CursorCodec cursorCodec, ProjectionFreshness freshness) {
    return new AuditQueryHandler(audit, cursorCodec, freshness);
  }
}
