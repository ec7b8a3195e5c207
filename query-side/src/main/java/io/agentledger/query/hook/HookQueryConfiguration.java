package io.agentledger.query.hook;

import io.agentledger.projection.hook.HookExecutionRowRepository;
import io.agentledger.projection.hook.HookRowRepository;
import io.agentledger.query.hook.HookQueryHandler.HookRepositories;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.support.SessionVisibility;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about hooks. */
@Configuration(proxyBeanMethods = false)
public class HookQueryConfiguration {
  @Bean
  HookRepositories hookTables(
      HookRowRepository hooks, HookExecutionRowRepository executions, ContentReader contentReader) {
    return new HookRepositories(hooks, executions, contentReader);
  }

  @Bean
  HookQueryHandler hookQueries(
      HookRepositories hookRepositories,
      ReadModelAccess readModelAccess,
      SessionVisibility sessionVisibility,
      CursorCodec cursorCodec) {
    return new HookQueryHandler(hookRepositories, readModelAccess, sessionVisibility, cursorCodec);
  }
}
