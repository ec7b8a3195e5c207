/** The access audit: who did what, with what, from where, and who was refused. */
@NullMarked
package io.agentledger.api.audit;

import org.jspecify.annotations.NullMarked;
