/** Search index of transcripts: keyed tokens of messages, tool inputs and tool outputs. */
@org.jspecify.annotations.NullMarked
package io.agentledger.projection.session.search;
