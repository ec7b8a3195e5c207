package io.agentledger.query.session;

import io.agentledger.query.support.ContentReader;

/** Creates a {@link StreamItemMapper} for each reader. */
record StreamItemMapperFactory(ContentReader contentReader) {
  StreamItemMapper create(EventLookback eventLookback) {
    return new StreamItemMapper(contentReader, eventLookback);
  }
}
