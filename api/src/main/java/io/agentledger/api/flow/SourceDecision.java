package io.agentledger.api.flow;

/**
 * Comment at a provider that stated a decision.
 *
 * @param sourceIdentityId account of the author
 * @param triggerId trigger that received the comment
 * @param deliveryId delivery with the comment
 */
public record SourceDecision(
    SourceIdentityId sourceIdentityId, String triggerId, String deliveryId) {}
