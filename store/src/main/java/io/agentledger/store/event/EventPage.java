package io.agentledger.store.event;

import java.util.List;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Events that were read together, in the order of their indexes.
 *
 * @param bytes of their payloads and metadata as they are stored
 */
public record EventPage(List<? extends TrackedEventMessage<?>> events, long bytes) {}
