package io.agentledger.query.session;

import io.agentledger.query.support.Opened;

/** Makes a {@link Facts} for each reader. */
record SessionFacts(Opened opened) {
  Facts with(Memory memory) {
    return new Facts(opened, memory);
  }
}
