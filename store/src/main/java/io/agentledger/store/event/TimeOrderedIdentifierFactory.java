package io.agentledger.store.event;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import org.axonframework.common.IdentifierFactory;

/**
 * Generator of the ids of messages: UUIDs of version 7, in the order in which a node creates them.
 * So events of the same millisecond, which is the precision of their timestamps, are ordered by
 * their ids, and an append inserts into one page of the index of event ids. Axon finds it by name.
 */
public final class TimeOrderedIdentifierFactory extends IdentifierFactory {
  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  @Override
  public String generateIdentifier() {
    return GENERATOR.generate().toString();
  }
}
