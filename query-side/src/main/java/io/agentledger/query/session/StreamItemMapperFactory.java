package io.agentledger.query.session;

import io.agentledger.query.support.ContentReader;

/** Makes a {@link StreamItemMapper} for each reader. */
record StreamItemMapperFactory(ContentReader opened) {
  StreamItemMapper with(EventLookback eventLookback) {
    return new StreamItemMapper(opened, eventLookback);
  }
}
