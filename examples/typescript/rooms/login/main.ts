import { loginServer } from './server';

loginServer().listen(8080, '127.0.0.1', () => console.log('http://localhost:8080'));
