package io.agentledger.query.environment;

import io.agentledger.projection.environment.EnvironmentRowRepository;
import io.agentledger.projection.environment.EnvironmentVersionRowRepository;
import io.agentledger.query.environment.EnvironmentQueryHandler.EnvironmentRepositories;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about environments. */
@Configuration(proxyBeanMethods = false)
public class EnvironmentQueryConfiguration {
  @Bean
  EnvironmentRepositories environmentTables(
      EnvironmentRowRepository environments,
      EnvironmentVersionRowRepository versions,
      ContentReader contentReader) {
    return new EnvironmentRepositories(environments, versions, contentReader);
  }

  @Bean
  EnvironmentQueryHandler environmentQueries(
      EnvironmentRepositories environmentRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    return new EnvironmentQueryHandler(environmentRepositories, readModelAccess, cursorCodec);
  }
}
