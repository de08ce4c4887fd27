/** How the screen is built: one page, one chunk for each route, styles through sass. The built files go to client/dist. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'client',
  publicDir: false,
  plugins: [react()],
  // Small icons of the form controls, served as files of our own.
  resolve: { alias: { 'nhsuk-images': fileURLToPath(new URL('./node_modules/nhsuk-frontend/dist/nhsuk/assets/images', import.meta.url)) } },
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing is put inline: the content security policy allows files of our own only.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: fileURLToPath(new URL('./client/index.html', import.meta.url)), 'service-worker': fileURLToPath(new URL('./client/offline/worker.ts', import.meta.url)) },
      // The service worker has one name for ever and lies at the root: that is what it may look after.
      output: {
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        // What says how schemas are checked runs before any schema is made, so it is in the chunk that all of those wait for.
        codeSplitting: { groups: [{ name: 'schemas', test: /node_modules[\\/]zod[\\/]|noCodeFromText/ }] },
      },
    },
  },
  server: {
    // `vite` beside a running service: everything that is not a screen file goes there.
    proxy: Object.fromEntries(
      ['/api', '/auth', '/sync', '/socket.io'].map((path) => [path, { target: process.env.ACCORD_URL ?? 'http://127.0.0.1:3000', ws: true }]),
    ),
  },
});
