package io.agentledger.query.session.search;

import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.search.SearchReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.SessionVisibility;
import io.agentledger.store.crypto.DerivedKeys;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Query handler for the search of transcripts. */
@Configuration(proxyBeanMethods = false)
public class SearchQueryConfiguration {
  @Bean
  SearchQueryHandler searchQueries(
      SessionRowRepository sessions,
      SearchReader reader,
      DerivedKeys searchKeys,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      ProjectionFreshness freshness,
      SessionVisibility visibility) {
    return new SearchQueryHandler(
        sessions,
        new IndexSearch(reader, searchKeys),
        contentReader,
        cursorCodec,
        visibility,
        freshness,
        SearchQueryHandler.SESSIONS_MAX);
  }
}
