/** Tenants and people: how they come, what they are, and what they prove themselves by. */
@NullMarked
package io.agentledger.command.identity.people;

import org.jspecify.annotations.NullMarked;
