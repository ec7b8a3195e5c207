package io.agentledger.query.flow;

import io.agentledger.api.flow.FlowQuery.FindSourceIdentity;
import io.agentledger.api.flow.FlowQuery.ListSourceIdentities;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceIdentityView;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.flow.SourceIdentityRow;
import io.agentledger.projection.flow.SourceIdentityRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import org.axonframework.queryhandling.QueryHandler;

/** Answers queries about identities at providers. */
record SourceIdentityQueryHandler(
    SourceIdentityRowRepository identities,
    ConfigurationReader configurationReader,
    ContentReader contentReader) {
  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListSourceIdentities query) {
    return configurationReader
        .list(FlowQueryHandler.GROUP, "source_identities", query, identities)
        .map(this::view);
  }

  @QueryHandler
  SourceIdentityView find(FindSourceIdentity query) {
    var id = query.sourceIdentityId();
    var row = configurationReader.find(FlowQueryHandler.GROUP, query.tenant(), id, identities);
    if (row.archivedAt() != null) throw new RejectionException(NotFound.of(id));
    return view(row);
  }

  private SourceIdentityView view(SourceIdentityRow row) {
    var id = new SourceIdentityId(row.id());
    return new SourceIdentityView(
        id,
        SourceProvider.valueOf(row.name()),
        contentReader.text(id, row.accountId()),
        new UserId(row.userId()),
        row.updatedAt());
  }
}
