package io.agentledger.query.hook;

import io.agentledger.projection.hook.ExecutionRows;
import io.agentledger.projection.hook.HookRows;
import io.agentledger.query.hook.HookQueries.Tables;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.Reading;
import io.agentledger.query.support.SeenSessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about hooks. */
@Configuration(proxyBeanMethods = false)
public class HookQueryConfiguration {
  @Bean
  Tables hookTables(HookRows hooks, ExecutionRows executions, Opened opened) {
    return new Tables(hooks, executions, opened);
  }

  @Bean
  HookQueries hookQueries(Tables tables, Reading reading, SeenSessions seen, Cursors cursors) {
    return new HookQueries(tables, reading, seen, cursors);
  }
}
