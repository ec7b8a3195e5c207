package io.agentledger.projection.session.search;

import io.agentledger.store.crypto.DerivedKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** Beans of the group "search". */
@Configuration(proxyBeanMethods = false)
@Import(SearchProjection.class)
public class SearchProjectionConfiguration {
  @Bean
  SearchIndexWriter searchIndexWriter(JdbcTemplate sql, DerivedKeys searchKeys) {
    return new SearchIndexWriter(sql, searchKeys);
  }

  @Bean
  SearchReader searchReader(JdbcTemplate sql) {
    return new SearchReader(sql);
  }
}
