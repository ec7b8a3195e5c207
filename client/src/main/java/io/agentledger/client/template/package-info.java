/** Client of templates. */
@NullMarked
package io.agentledger.client.template;

import org.jspecify.annotations.NullMarked;
